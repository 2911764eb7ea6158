"""Fields and constraints of the labelling domain. Every write is one verb of a wing.

A foreign key that another index begins with has no index of its own: each one costs every answer.
"""

from labelling.models.bans import Appeal as Appeal
from labelling.models.bans import Ban as Ban
from labelling.models.batches import Assignment as Assignment
from labelling.models.batches import Batch as Batch
from labelling.models.batches import BatchItem as BatchItem
from labelling.models.batches import DrawCursor as DrawCursor
from labelling.models.batches import GoldPurse as GoldPurse
from labelling.models.content_consents import ContentConsent as ContentConsent
from labelling.models.content_reports import ContentReport as ContentReport
from labelling.models.data import Dataset as Dataset
from labelling.models.data import Gold as Gold
from labelling.models.data import Item as Item
from labelling.models.data import ItemRow as ItemRow
from labelling.models.data import PartMedia as PartMedia
from labelling.models.data import RefusedRow as RefusedRow
from labelling.models.data import RowRemark as RowRemark
from labelling.models.data import Upload as Upload
from labelling.models.data import UploadPart as UploadPart
from labelling.models.data import UploadSession as UploadSession
from labelling.models.decisions import Decision as Decision
from labelling.models.decisions import LabelRequest as LabelRequest
from labelling.models.decisions import Release as Release
from labelling.models.early_base import EarlyBase as EarlyBase
from labelling.models.early_base import EarlyBaseSweep as EarlyBaseSweep
from labelling.models.estimates import Estimate as Estimate
from labelling.models.exams import Sitting as Sitting
from labelling.models.gold_appeals import AppealPayment as AppealPayment
from labelling.models.gold_appeals import GoldAppeal as GoldAppeal
from labelling.models.holds import PayHold as PayHold
from labelling.models.pace import Pace as Pace
from labelling.models.projects import Project as Project
from labelling.models.question_versions import QuestionVersion as QuestionVersion
from labelling.models.spoken import Spoken as Spoken
from labelling.models.teams import Team as Team
from labelling.models.teams import TeamLink as TeamLink
from labelling.models.teams import TeamMember as TeamMember
from labelling.models.thread import Post as Post
from labelling.models.thread import PostReport as PostReport
from labelling.models.time_besides import TimeBesides as TimeBesides
from labelling.models.top_ups import TopUp as TopUp
from labelling.models.voices import Rating as Rating
from labelling.models.voices import TaskQuestion as TaskQuestion
from labelling.models.warranties import Judgement as Judgement
from labelling.models.warranties import LabelPromise as LabelPromise
from labelling.models.warranties import Warranty as Warranty
from labelling.models.work import Answer as Answer
from labelling.models.work import Lease as Lease
from labelling.models.work import ModelVote as ModelVote
from labelling.models.work import Settlement as Settlement
from labelling.models.work import Suggestion as Suggestion
from labelling.models.work import WorkerRecord as WorkerRecord
