"""How another organisation's server is asked: signed, bounded in time, tries and memory.

The district's exchange, the SMS gateway and the network-identity service are asked in this way.
"""
