// Small comforts; every page works without them.
import { initAll } from './vendor/govuk-frontend.min.js'

initAll()
