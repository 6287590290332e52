"""Small lending problems, solved and proved: arrays in, plan out."""
