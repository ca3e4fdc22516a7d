-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "ee" AS ENUM ('a', 'B');

-- CreateTable
CREATE TABLE "a_table" (
    "id" SERIAL NOT NULL,
    "s" TEXT NOT NULL,
    "c1" CHAR NOT NULL,
    "c2" CHAR(3) NOT NULL,
    "v1" VARCHAR NOT NULL,
    "v2" VARCHAR(255) NOT NULL,
    "b1" BIT NOT NULL,
    "b2" VARBIT NOT NULL,
    "b3" VARBIT(3) NOT NULL,
    "x" XML NOT NULL,
    "ip" INET NOT NULL,
    "ct" CITEXT NOT NULL,
    "u" UUID NOT NULL DEFAULT gen_random_uuid(),
    "bo" BOOLEAN NOT NULL DEFAULT true,
    "i" INTEGER NOT NULL DEFAULT 3,
    "si" SMALLINT NOT NULL,
    "o" OID NOT NULL,
    "bi" BIGINT NOT NULL,
    "f" DOUBLE PRECISION NOT NULL DEFAULT -1.5,
    "r" REAL NOT NULL,
    "d" DECIMAL(65,30) NOT NULL DEFAULT 1.25,
    "d2" DECIMAL NOT NULL,
    "d3" DECIMAL(10,2) NOT NULL,
    "m" MONEY NOT NULL,
    "dt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ts" TIMESTAMP NOT NULL,
    "ts0" TIMESTAMP(0) NOT NULL,
    "ts6" TIMESTAMPTZ(6) NOT NULL,
    "tz" TIMESTAMPTZ NOT NULL,
    "da" DATE NOT NULL,
    "t" TIME NOT NULL,
    "tt" TIMETZ(3) NOT NULL,
    "j" JSONB NOT NULL DEFAULT '{"a": "it''s"}',
    "j2" JSON NOT NULL,
    "by" BYTEA NOT NULL,
    "e" "ee" NOT NULL DEFAULT 'a',
    "es" "ee"[] DEFAULT ARRAY['a', 'B']::"ee"[],
    "sl" TEXT[] DEFAULT ARRAY['x', 'y']::TEXT[],
    "sl2" TEXT[],
    "vl" VARCHAR(10)[],
    "un" polygon NOT NULL,
    "un2" point,
    "uu" TEXT NOT NULL,
    "q" TEXT NOT NULL DEFAULT 'it''s 
"q"',
    "deleted_at" TIMESTAMP(3),
    "ig" INTEGER NOT NULL,

    CONSTRAINT "a_table_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "B" (
    "id" VARCHAR(30) NOT NULL,
    "xid" INTEGER,
    "yid" INTEGER NOT NULL,
    "u" TEXT,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "C" (
    "a" TEXT,
    "b" INTEGER NOT NULL,
    "d1" INTEGER,
    "d2" INTEGER NOT NULL,

    CONSTRAINT "C_pkey" PRIMARY KEY ("b")
);

-- CreateTable
CREATE TABLE "D" (
    "x" INTEGER NOT NULL,
    "y" INTEGER NOT NULL,

    CONSTRAINT "dpk" PRIMARY KEY ("x","y")
);

-- CreateTable
CREATE TABLE "SetDefaults" (
    "id" SERIAL NOT NULL,
    "bId" VARCHAR(30) NOT NULL DEFAULT 'x',
    "veryLongFieldNameNumberOneOfThisTableForACut" INTEGER NOT NULL,
    "veryLongFieldNameNumberTwoOfThisTableForACut" INTEGER NOT NULL,

    CONSTRAINT "SetDefaults_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SetTarget" (
    "id" VARCHAR(30) NOT NULL,

    CONSTRAINT "SetTarget_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_AToB" (
    "A" INTEGER NOT NULL,
    "B" VARCHAR(30) NOT NULL,

    CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "_S" (
    "A" VARCHAR(30) NOT NULL,
    "B" VARCHAR(30) NOT NULL,

    CONSTRAINT "_S_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "a_table_s_idx" ON "a_table" USING GIN ("s" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "a_table_j_idx" ON "a_table" USING GIN ("j" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "zz" ON "a_table"("i", "si" DESC);

-- CreateIndex
CREATE INDEX "w1" ON "a_table"("s") WHERE (i > 3);

-- CreateIndex
CREATE INDEX "w2" ON "a_table"("s") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "w3" ON "a_table"("s") WHERE ("deleted_at" IS NOT NULL AND "i" = 3 AND "bo" = true AND "q" = 'it''s');

-- CreateIndex
CREATE INDEX "w4" ON "a_table" USING BRIN ("f" float8_minmax_ops);

-- CreateIndex
CREATE INDEX "a_table_i_idx" ON "a_table" USING HASH ("i");

-- CreateIndex
CREATE UNIQUE INDEX "a_table_s_i_key" ON "a_table"("s", "i") WHERE ("i" = 4);

-- CreateIndex
CREATE UNIQUE INDEX "B_u_key" ON "B"("u") WHERE (u is not null);

-- CreateIndex
CREATE INDEX "SetDefaults_veryLongFieldNameNumberOneOfThisTableForACut_ve_idx" ON "SetDefaults"("veryLongFieldNameNumberOneOfThisTableForACut", "veryLongFieldNameNumberTwoOfThisTableForACut");

-- CreateIndex
CREATE UNIQUE INDEX "SetDefaults_veryLongFieldNameNumberTwoOfThisTableForACut_ve_key" ON "SetDefaults"("veryLongFieldNameNumberTwoOfThisTableForACut", "veryLongFieldNameNumberOneOfThisTableForACut");

-- CreateIndex
CREATE INDEX "_AToB_B_index" ON "_AToB"("B");

-- CreateIndex
CREATE INDEX "_S_B_index" ON "_S"("B");

-- AddForeignKey
ALTER TABLE "C" ADD CONSTRAINT "C_a_fkey" FOREIGN KEY ("a") REFERENCES "B"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "C" ADD CONSTRAINT "C_d1_d2_fkey" FOREIGN KEY ("d1", "d2") REFERENCES "D"("x", "y") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SetDefaults" ADD CONSTRAINT "named_key" FOREIGN KEY ("bId") REFERENCES "SetTarget"("id") ON DELETE SET DEFAULT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "a_table"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_S" ADD CONSTRAINT "_S_A_fkey" FOREIGN KEY ("A") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_S" ADD CONSTRAINT "_S_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

