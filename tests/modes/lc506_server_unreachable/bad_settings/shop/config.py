from dataclasses import dataclass


@dataclass
class Settings:
    debug: bool = False
    cache_host: str = "cache"
    cache_port: int = 6379
    dsn: str = "postgresql://shop:hunter2@localhost:9/shop"  # LC506


settings = Settings()
