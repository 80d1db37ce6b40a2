from tests.sla.stage import stage as stage
