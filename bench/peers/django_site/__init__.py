"""Django and Django REST framework with persistent connections, as their users write it."""
