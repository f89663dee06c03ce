"""The smallest Wagtail project that shows a lesson page of wagtail-lms, set up as its documentation says."""
