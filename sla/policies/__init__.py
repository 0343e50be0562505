"""How an office keeps its policies: their order, what a version would do, retiring, refusals."""
