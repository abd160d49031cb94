"""Distance between two places when no road distance is known."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
ROAD_FACTOR = 1.3  # a road is about 1.3 times the great circle; an estimate, shown as one


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in kilometres between two WGS 84 points in degrees."""
    half_lat = sin(radians(lat2 - lat1) / 2) ** 2
    half_lon = sin(radians(lon2 - lon1) / 2) ** 2
    return (
        2
        * EARTH_RADIUS_KM
        * asin(sqrt(half_lat + cos(radians(lat1)) * cos(radians(lat2)) * half_lon))
    )
