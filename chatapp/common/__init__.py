"""What every domain stands on: database, tenancy, events, queue, realtime and the manners of the web. Knows no domain."""
