"""Reports that climb: levels of the office, and who there takes them up."""
