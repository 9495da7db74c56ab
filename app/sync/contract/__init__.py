"""What a record of the district is: kinds of fields, streams, and their published form."""
