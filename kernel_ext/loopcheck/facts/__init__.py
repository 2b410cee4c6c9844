"""What is true now: probes read the live process, records keep plain facts."""
