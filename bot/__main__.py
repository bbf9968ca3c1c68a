"""`python -m bot` is `syncbot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
