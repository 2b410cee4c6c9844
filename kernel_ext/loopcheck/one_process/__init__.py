"""What one process without threads, children and sockets needs: a browser tab runs Python so."""
