"""What visitors say of a result: whether its reasons fit them. It knows no person, only sums."""
