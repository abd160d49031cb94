"""Distance between two places when no road distance is known; ``taxonomy.actions`` computes it in SQL."""

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
ROAD_FACTOR = 1.3  # a road is about 1.3 times the great circle; an estimate, shown as one
