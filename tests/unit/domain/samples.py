"""The documented samples of notifications, byte for byte (the ids are invented)."""

A_UPLOAD = rb"""{"notification_type":"upload","timestamp":"2026-10-08T12:00:00+00:00","request_id":"3f1c0a5e9b7d4c2f8a6e1d0b5c4f3a21","asset_id":"9d2f7c1e4b6a48d0a3c5e8f71b2d6094","public_id":"stage/guitarist","version":1791460800,"version_id":"b1946ac92492d2347c6235b4d2611184","width":1200,"height":800,"format":"jpg","resource_type":"image","created_at":"2026-10-08T12:00:00Z","tags":["people","person"],"bytes":120394,"type":"upload","etag":"0cc175b9c0f1b6a831c399e269772661","placeholder":false,"url":"http://res.cloudinary.com/demo/image/upload/v1791460800/stage/guitarist.jpg","secure_url":"https://res.cloudinary.com/demo/image/upload/v1791460800/stage/guitarist.jpg","asset_folder":"stage","display_name":"guitarist","info":{"categorization":{"aws_rek_tagging":{"status":"complete","data":[[{"tag":"People","confidence":0.9922},{"tag":"Guitar","confidence":0.7046},{"tag":"Musician","confidence":0.5754}]]}}},"original_filename":"guitarist","api_key":"111111111111111","notification_context":{"triggered_at":"2026-10-08T12:00:00.123456Z","triggered_by":{"source":"api","id":"111111111111111"}},"signature_key":"111111111111111"}"""
"""An upload, complete, the labels in a list within a list."""

B_PENDING = rb"""{"notification_type":"upload","timestamp":"2026-10-08T12:01:00+00:00","request_id":"5a0f","asset_id":"a1b2c3","public_id":"zoo/koala5","version":1791460860,"resource_type":"image","type":"upload","created_at":"2026-10-08T12:01:00Z","tags":[],"format":"jpg","bytes":5123,"etag":"e1","url":"http://res.cloudinary.com/demo/image/upload/v1791460860/zoo/koala5.jpg","secure_url":"https://res.cloudinary.com/demo/image/upload/v1791460860/zoo/koala5.jpg","info":{"categorization":{"aws_rek_tagging":{"status":"pending"}}},"api_key":"111111111111111","signature_key":"111111111111111"}"""
"""An upload whose labels are still to come."""

C_INFO = rb"""{"info_kind":"aws_rek_tagging","info_status":"complete","asset_id":"a1b2c3","public_id":"zoo/koala5","uploaded_at":"2026-10-08T12:01:00Z","version":1791460860,"url":"http://res.cloudinary.com/demo/image/upload/v1791460860/zoo/koala5.jpg","secure_url":"https://res.cloudinary.com/demo/image/upload/v1791460860/zoo/koala5.jpg","etag":"e1","notification_type":"info","info_data":[{"tag":"Animal","confidence":0.9933},{"tag":"Koala","confidence":0.9933}],"notification_context":{"triggered_at":"2026-10-08T12:01:09.000001Z","triggered_by":{"source":"api","id":"111111111111111"}},"signature_key":"111111111111111"}"""
"""The completion of B."""

D_FAILED = rb"""{"info_kind":"aws_rek_tagging","info_status":"failed","asset_id":"a1b2c3","public_id":"zoo/koala5","uploaded_at":"2026-10-08T12:01:00Z","version":1791460860,"url":"http://res.cloudinary.com/demo/image/upload/v1791460860/zoo/koala5.jpg","secure_url":"https://res.cloudinary.com/demo/image/upload/v1791460860/zoo/koala5.jpg","etag":null,"notification_type":"info","info_data":"Failed to process request"}"""  # noqa: E501
"""The failure of B; the data is the error text, and the delivery is of the older kind, without a context."""

E_ECHO = rb"""{"notification_type":"resource_tags_changed","source":"api","resources":[{"asset_id":"a1b2c3","public_id":"zoo/koala5","resource_type":"image","type":"upload","added":["koala"],"removed":[],"updated":[]}],"notification_context":{"triggered_at":"2026-10-08T12:01:12.000000Z","triggered_by":{"source":"api","id":"222222222222222"}},"signature_key":"111111111111111"}"""  # noqa: E501
"""The echo of a tag that the service's own key wrote."""

F_DELETE = rb"""{"notification_type":"delete","resources":[{"resource_type":"image","type":"upload","asset_id":"a1b2c3","public_id":"zoo/koala5","version":1791460860,"asset_folder":"zoo","display_name":"koala5"}],"notification_context":{"triggered_at":"2026-10-08T13:00:00.000000Z","triggered_by":{"source":"api","id":"111111111111111"}},"signature_key":"111111111111111"}"""  # noqa: E501
"""An asset was deleted: no timestamp and no request_id."""

G_RENAME = rb"""{"notification_type":"rename","timestamp":"2026-10-08T13:00:00+00:00","request_id":"7c2e","resource_type":"image","type":"upload","asset_id":"a1b2c3","asset_folder":"zoo","display_name":"koala5","from_public_id":"zoo/koala5","to_public_id":"zoo/karla","notification_context":{"triggered_at":"2026-10-08T13:00:00.000000Z","triggered_by":{"source":"api","id":"111111111111111"}},"signature_key":"111111111111111"}"""  # noqa: E501
"""An asset has another public_id."""

TIMESTAMP = 1_791_460_872
"""The signed header's time, in unix seconds: a minute after the events of A and B."""
