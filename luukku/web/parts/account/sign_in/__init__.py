"""How allauth's sign-in meets our people: limits, known devices, the words of its forms."""
