"""The demo town: invented people and matters on real names of places, made anew from one seed."""
