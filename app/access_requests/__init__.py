"""Answers a request for access: everything held on a person, as a document and as data (UK GDPR Article 15)."""
