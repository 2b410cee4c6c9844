"""Where a learner is: progress in each lesson, what comes next, and the file that moves it."""
