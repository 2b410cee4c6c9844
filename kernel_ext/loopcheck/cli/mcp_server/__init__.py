"""`loopcheck mcp`: runs, explains and mends a project's tests for an MCP client, over stdio."""
