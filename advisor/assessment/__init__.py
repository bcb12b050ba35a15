"""What visitors do: the landing, the questions, the result. No models, no cookie, no session."""
