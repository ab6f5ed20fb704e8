"""The pictures of docs/pictures.md, made by walking through what they show (`make pictures`)."""
