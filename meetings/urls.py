from django.urls import path

from meetings.views import followups, meetings, room, series

app_name = "meetings"

urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/next/", meetings.next_region, name="next-region"),
    path("meetings/series/new/", series.series_create, name="series-create"),
    path("meetings/series/<int:pk>/", series.series_change, name="series-change"),
    path("meetings/series/<int:pk>/stop/", series.series_stop, name="series-stop"),
    path(
        "meetings/series/<int:pk>/resume/", series.series_resume, name="series-resume"
    ),
    path("meetings/<int:pk>/", meetings.meeting_detail, name="meeting-detail"),
    path("meetings/<int:pk>/start/", room.meeting_start, name="meeting-start"),
    path("meetings/<int:pk>/end/", room.meeting_end, name="meeting-end"),
    path("meetings/<int:pk>/skip/", room.meeting_skip, name="meeting-skip"),
    path("meetings/<int:pk>/topics/", room.topic_add, name="topic-add"),
    path("meetings/<int:pk>/notes/", room.note_write, name="note-write"),
    path("meetings/<int:pk>/decisions/", room.decision_take, name="decision-take"),
    path("meetings/<int:pk>/actions/", room.action_agree, name="action-agree"),
    path(
        "meetings/<int:pk>/items/<int:item>/take-up/", room.item_take_up, name="take-up"
    ),
    path(
        "meetings/<int:pk>/items/<int:item>/discuss/", room.item_discuss, name="discuss"
    ),
    path("meetings/<int:pk>/items/<int:item>/park/", room.item_park, name="park"),
    path(
        "meetings/<int:pk>/items/<int:item>/withdraw/",
        room.item_withdraw,
        name="withdraw",
    ),
    path(
        "meetings/<int:pk>/notes/<int:record>/take-back/",
        room.note_take_back,
        name="note-take-back",
    ),
    path(
        "meetings/<int:pk>/decisions/<int:record>/take-back/",
        room.decision_take_back,
        name="decision-take-back",
    ),
    path(
        "meetings/<int:pk>/actions/<int:record>/take-back/",
        room.action_take_back,
        name="action-take-back",
    ),
    path("meetings/actions/<int:pk>/", followups.action_detail, name="action-detail"),
    path(
        "meetings/actions/<int:pk>/finish/",
        followups.action_finish,
        name="action-finish",
    ),
    path(
        "meetings/actions/<int:pk>/reopen/",
        followups.action_reopen,
        name="action-reopen",
    ),
    path("meetings/actions/<int:pk>/drop/", followups.action_drop, name="action-drop"),
    path("meetings/actions/<int:pk>/move/", followups.action_move, name="action-move"),
]
