"""The REST API for programs: `/api/v1`. Bearer tokens only, problem+json errors, the services of the dashboard."""
