"""What people see of decisions. ``words`` says rules and results in sentences."""
