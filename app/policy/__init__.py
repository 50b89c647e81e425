"""The dated tables of policy and the facts about countries: data in CSV files, read into plain values. Never SQL."""
