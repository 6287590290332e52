"""Terms that an edited plan breaks: a plan comes in, and each term goes out once, where it is broken most."""
