"""Labels that the service asks Amazon Rekognition for itself: the claim, the picture, the answer and the budget."""
