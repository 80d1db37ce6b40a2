"""A conversation as a document: to print, to keep as a file, to send by mail. Notes are left out unless asked for."""
