"""Write macros, and run them."""
