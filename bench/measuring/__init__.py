"""How the benches are run and measured."""
