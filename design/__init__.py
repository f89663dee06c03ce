"""How everything looks: page shells, components, tokens and themes, icons. No tables, no knowledge of learning."""
