"""What learners say out loud: measured and cleaned when it comes in, sealed, and heard by whoever may."""
