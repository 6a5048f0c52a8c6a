"""DynamoDB in memory: tables with their indexes, expressions, and a client with the calls that the service makes."""
