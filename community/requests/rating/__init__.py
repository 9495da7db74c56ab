"""Rating (好差评), return visits, rework, disputes and reopening."""
