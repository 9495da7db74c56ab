"""What anybody may read: a notice for all people of its places, and for nobody by name."""

from notices.audience.people import People

IS_PUBLIC = f"""
(n.people & {int(People.ALL)} <> 0 AND n.matters = '{{}}' AND NOT EXISTS (
  SELECT FROM unnest(n.places) AS t(place) WHERE place ~ '^(household|person):'))
"""
"""SQL over ``n``: feeds, alerts and public pages show it, and systems of others are told."""
