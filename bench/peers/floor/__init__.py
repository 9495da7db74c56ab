"""The floor: a WSGI function, psycopg 3 with prepared statements, orjson, and nothing else."""
