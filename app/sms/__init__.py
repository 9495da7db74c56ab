"""Text messages: who carries them, and the queue of those to be sent."""
