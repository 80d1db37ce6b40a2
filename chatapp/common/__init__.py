"""What every domain stands on: database, tenancy, events, queue, realtime, the manners of the web. Knows no domain."""
