"""Files of assets: the uploaded bytes, pictures for assets without any, delivery URLs and their signatures."""
