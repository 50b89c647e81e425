"""The pages: server-rendered, GOV.UK Design System, working without JavaScript. Thin over the domain, like the API."""
