"""What the server itself lets pass, whatever a query asks for."""
