"""The wire shapes."""

from rest_framework import serializers

from bench.peers import duties

CRS = ("wgs84", "gcj02", "bd09", "cgcs2000")


class Strict(serializers.Serializer):
    """Refuses what it does not know."""

    def to_internal_value(self, data):
        unknown = set(data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "unknown"))
        return super().to_internal_value(data)


class NearQuery(Strict):
    near = serializers.RegexField(f"^{duties.NEAR.pattern}$")
    crs = serializers.ChoiceField(CRS)
    radius = serializers.IntegerField(min_value=1, max_value=20_000, default=2000)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)


class Place(Strict):
    lng = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    crs = serializers.ChoiceField(CRS)


class NewRequest(Strict):
    matter = serializers.RegexField(f"^{duties.CODE.pattern}$")
    words = serializers.CharField(max_length=2000)
    place = Place()

    def validate_words(self, words):
        if duties.CONTROL.search(words):
            raise serializers.ValidationError("control characters")
        return words


class PublicRequest(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    matter_code = serializers.CharField()
    state = serializers.CharField()
    lng = serializers.FloatField()
    lat = serializers.FloatField()
    filed_at = serializers.DateTimeField()
    metres = serializers.IntegerField()


class RequestOut(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    matter_code = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    lng = serializers.FloatField()
    lat = serializers.FloatField()
    grid_code = serializers.CharField()
    near_edge = serializers.BooleanField()
    handled_by = serializers.CharField()
    department_code = serializers.CharField()
    filed_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField()
    deadline_provisional = serializers.BooleanField()
    settled_at = serializers.DateTimeField()
    result = serializers.CharField()


class Entry(serializers.Serializer):
    at = serializers.DateTimeField()
    step = serializers.CharField()
    note = serializers.CharField(default=None)
    facts = serializers.JSONField()


class Detail(serializers.Serializer):
    request = RequestOut()
    words = serializers.CharField()
    mine = serializers.BooleanField()
    claimed_by_me = serializers.BooleanField()
    stars = serializers.IntegerField()
    timeline = Entry(many=True)
