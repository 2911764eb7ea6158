"""What people mark in pictures, time and text: boxes, polygons, masks, keypoints, tracks, ranges, spans and places."""
