"""An identifier or a query in, works out, asked of a service over the network: one module a service."""
