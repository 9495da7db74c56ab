"""Pictures of strangers, made safe: decoded in a limited process and drawn anew."""
