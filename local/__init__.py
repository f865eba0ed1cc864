"""What plays AWS and Harvest on a laptop: never imported by functions/, never deployed."""
