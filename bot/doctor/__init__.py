"""`syncbot doctor`: asks each part and service the least that shows whether it works, and changes nothing."""
