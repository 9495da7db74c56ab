"""What a notice is: its life, its tables, who may have to do with it, and how it is numbered."""
